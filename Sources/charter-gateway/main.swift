print("charter-gateway")
